import { Problem } from "../api/problem";

/** What the server said about one field, as a text field shows it. */
export function fieldProblem(problem: Error | null, name: string): { error: boolean; helperText?: string } {
  const said = problem instanceof Problem ? problem.fields[name] : undefined;
  return said ? { error: true, helperText: said } : { error: false };
}

/** What it said about none of these fields. */
export function formProblem(problem: Error | null, names: readonly string[]): string | null {
  if (!problem) return null;
  const isBesideFields = problem instanceof Problem && names.some((name) => problem.fields[name]);
  return isBesideFields ? null : problem.message;
}
