import { STATE_ROOT } from "../../../config/state-path.ts";

/** Where a server keeps its state, unless told otherwise. */
export const SERVE_STATE = `${STATE_ROOT}/serve`;
