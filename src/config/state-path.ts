import type { LoadedPipeline } from "./loaded-pipeline.ts";

/** Folder under which state directories lie, if nothing else is said. */
export const STATE_ROOT = ".iotmon";

/** Where a pipeline keeps its state, relative to the working directory if not absolute. */
export function statePath({ name, config }: LoadedPipeline): string {
  return config.state?.dir ?? `${STATE_ROOT}/${name}`;
}
