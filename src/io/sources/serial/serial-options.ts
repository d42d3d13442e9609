/** How a port is found and read. */
export interface SerialOptions {
  /** Device, stable name or glob, as the user gave it. */
  readonly path: string;
  /** Bits per second; `auto`: the common ones are tried until lines make sense. */
  readonly baud: number | "auto";
  /** Whether the hardware says when it is ready. */
  readonly rtscts: boolean;
  /** A port that is silent for so long is opened again, ms; null: none is. */
  readonly staleMs: number | null;
}
