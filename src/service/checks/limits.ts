/** Upper limits of a running iotmon; commands above them fail. */
export interface Limits {
  readonly buffers: number;
  readonly detectors: number;
  readonly pipelines: number;
  /** Detectors of a pipeline. */
  readonly detectorsPerPipeline: number;
  /** Columns of a buffer. */
  readonly columns: number;
  /** Features of a buffer, including replaced ones that are still computed. */
  readonly features: number;
  /** Inputs of a detector. */
  readonly inputs: number;
  /** Rows of a window. */
  readonly windowRows: number;
  /** Sensors of a buffer, or of a detector without one. */
  readonly keys: number;
  /** Rows of one call. */
  readonly rowsPerCall: number;
}

/** Limits for a small machine. */
export const DEFAULT_LIMITS: Limits = {
  buffers: 1000,
  detectors: 1000,
  pipelines: 100,
  detectorsPerPipeline: 500,
  columns: 500,
  features: 500,
  inputs: 200,
  windowRows: 1_000_000,
  keys: 10_000,
  rowsPerCall: 100_000,
};
