/** A string that is not just any string: `MsgId` and `ClientId` cannot be mixed up. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
