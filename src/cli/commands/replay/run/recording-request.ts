import type { RejectLimit } from "../../../options/kinds.ts";
import type { LookRequest } from "../../../recordings/open-recording.ts";

/** One replay, its options understood. */
export interface RecordingRequest extends LookRequest {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly speed: number;
  /** Null: as many as pay. */
  readonly workers: number | null;
  /** Whether episodes withheld by the cooldown are wanted, or only their number. */
  readonly keepSuppressed: boolean;
  /** Files to write; null: not wanted. */
  readonly scores: string | null;
  readonly features: boolean;
  readonly rejects: string | null;
  readonly report: string | null;
  readonly rejectLimit: RejectLimit | null;
}
