import type { RouteGroup } from "../route-group.ts";
import { bufferRoutes } from "./buffers.ts";
import { contractRoutes } from "./contract.ts";
import { detectorRoutes } from "./detectors.ts";
import { eventRoutes } from "./events.ts";
import { featureRoutes } from "./features.ts";
import { operationsRoutes } from "./operations.ts";
import { pageRoutes } from "./page.ts";
import { pipelineReadingRoutes } from "./pipeline-readings.ts";
import { pipelineRoutes } from "./pipelines.ts";
import { readingRoutes } from "./readings.ts";
import { scoreRoutes } from "./score.ts";
import { watchingRoutes } from "./watching.ts";

/** All routes, in the order of the documentation. */
export const routeGroups: readonly RouteGroup[] = [
  bufferRoutes,
  readingRoutes,
  featureRoutes,
  detectorRoutes,
  scoreRoutes,
  watchingRoutes,
  pipelineRoutes,
  pipelineReadingRoutes,
  eventRoutes,
  operationsRoutes,
  contractRoutes,
  pageRoutes,
];
