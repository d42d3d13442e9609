import type { RouteGroup } from "../route-group.ts";
import { bufferRoutes } from "./buffers/buffers.ts";
import { featureRoutes } from "./buffers/features.ts";
import { rowRoutes } from "./buffers/rows.ts";
import { detectorRoutes } from "./detectors/detectors.ts";
import { scoreRoutes } from "./detectors/score.ts";
import { eventRoutes } from "./pipelines/events.ts";
import { pipelineRoutes } from "./pipelines/pipelines.ts";
import { pipelineReadingRoutes } from "./pipelines/readings.ts";
import { contractRoutes } from "./server/contract.ts";
import { operationsRoutes } from "./server/operations.ts";
import { overviewRoutes } from "./server/overview.ts";
import { pageRoutes } from "./server/page.ts";

/** All routes, in the order of the documentation. */
export const routeGroups: readonly RouteGroup[] = [
  bufferRoutes,
  rowRoutes,
  featureRoutes,
  detectorRoutes,
  scoreRoutes,
  overviewRoutes,
  pipelineRoutes,
  pipelineReadingRoutes,
  eventRoutes,
  operationsRoutes,
  contractRoutes,
  pageRoutes,
];
