import type { SettingScope } from './resolve-setting.js';
import { completed, valueProblem, type Typed, type ValueProblem, type ValueType } from './setting-value.js';

/** One setting: where it may be set, what it holds, and whether anything obeys it yet. */
export interface SettingRow<V> {
  /** Levels that count, outermost first; a value set anywhere else is none. */
  readonly scopes: readonly SettingScope[];
  readonly type: ValueType;
  /** What holds where nobody set anything. */
  readonly default: V;
  /** Whether an outer level may forbid those further in to set another value. */
  readonly lockable: boolean;
  /** `live`: calls, phones or records obey it. `stored`: it is kept and shown, and nothing obeys it yet. */
  readonly effect: 'live' | 'stored';
  /** A whole value of what was stored, fields unknown at the time filled in; null = that is no value of this setting. */
  readonly read: (stored: unknown) => { readonly value: V } | null;
  /** What is wrong with a whole new value; null = nothing. */
  readonly problem: (value: unknown) => ValueProblem | null;
}

interface RowText<V> {
  readonly scopes: readonly SettingScope[];
  readonly type: Typed<V>;
  readonly default: NoInfer<V>;
  readonly lockable?: boolean;
  readonly effect: 'live' | 'stored';
  /** A rule of the value that its type cannot say; null = kept. */
  readonly rule?: (value: NoInfer<V>) => string | null;
}

/** A row of the catalogue; lockable unless it says otherwise. */
export function settingRow<V>({ scopes, type: typed, effect, lockable = true, rule, default: fallback }: RowText<V>): SettingRow<V> {
  const { type } = typed;
  const problem = (value: unknown): ValueProblem | null => {
    const wrong = valueProblem(type, value);
    if (wrong !== null || rule === undefined) return wrong;
    const broken = rule(completed(typed, value, fallback));
    return broken === null ? null : { path: '', text: broken };
  };
  const read = (stored: unknown): { readonly value: V } | null => {
    if (type.kind !== 'group' && valueProblem(type, stored) !== null) return null;
    const value = completed(typed, stored, fallback);
    return rule === undefined || rule(value) === null ? { value } : null;
  };
  return { scopes, type, effect, lockable, default: fallback, problem, read };
}
