import type { ComponentChildren } from "preact";
import type { Loaded } from "../api/use";
import { ErrorNote, Spinner } from "../ui";
import "./pages.css";

/** What was loaded, once it is there; what went wrong stands above what is known from before. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  return (
    <>
      <ErrorNote error={of.error} />
      {of.isLoading && <Spinner />}
      {of.data !== undefined && children(of.data)}
    </>
  );
}
