/** Environment variable with the folder where processes that tests start write which code ran. */
export const CHILD_COVERAGE = "IOTMON_CHILD_COVERAGE";
