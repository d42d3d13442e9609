/**
 * Set-up of every test file: processes that it starts record their coverage. vitest counts the test's own
 * process.
 *
 * @module
 */
const folder = process.env["IOTMON_CHILD_COVERAGE"];
if (folder !== undefined) process.env["NODE_V8_COVERAGE"] = folder;
