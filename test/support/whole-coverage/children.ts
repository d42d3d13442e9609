/**
 * Set-up of every test file: what it starts from here on writes which code ran. The test's own process
 * has begun without, and counts by itself.
 *
 * @module
 */
import { CHILD_COVERAGE } from "./folder-variable.ts";

const folder = process.env[CHILD_COVERAGE];
if (folder !== undefined) process.env["NODE_V8_COVERAGE"] = folder;
