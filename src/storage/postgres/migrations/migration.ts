/** One step of the schema. Never changed once released; the next change is a new step. */
export interface Migration {
  /** Sorts after every earlier one. */
  readonly id: string;
  /** Constant SQL, run in order in one transaction with its record in `schema_migrations`. */
  readonly statements: readonly string[];
}
