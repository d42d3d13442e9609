export const SCHEMAS = ["pipeline", "alert"] as const;

/** What `schema` describes. */
export type SchemaName = (typeof SCHEMAS)[number];
