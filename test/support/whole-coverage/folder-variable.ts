/** Environment variable with the folder for the coverage of processes that tests start. */
export const CHILD_COVERAGE = "IOTMON_CHILD_COVERAGE";
