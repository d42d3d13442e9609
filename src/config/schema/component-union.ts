import { z } from "zod";

interface Component {
  readonly type: string;
  readonly fields: z.ZodRawShape;
}

type EntrySchema<Type, Shared extends z.ZodRawShape> = Type extends {
  readonly type: infer Name extends string;
  readonly fields: infer Fields extends z.ZodRawShape;
}
  ? z.ZodObject<{ type: z.ZodLiteral<Name> } & Fields & Shared, z.core.$strict>
  : never;

/**
 * The schema of an entry for any component of a registry; `type` names the component.
 *
 * @param shared Settings of every component.
 */
export function componentUnion<Type extends Component, Shared extends z.ZodRawShape>(
  types: readonly Type[],
  shared: Shared,
) {
  type Entry = EntrySchema<Type, Shared>;
  const entries = types.map(({ type, fields }) =>
    z.strictObject({ type: z.literal(type), ...fields, ...shared }),
  );
  return z.discriminatedUnion("type", entries as unknown as [Entry, ...Entry[]]);
}
