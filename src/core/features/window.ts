/** What a rolling function looks back over: the key's last `rows` rows, or the last `ms` of event time. */
export type Window =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "duration"; readonly ms: number };
