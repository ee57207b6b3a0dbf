import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { go } from "../routing/router";
import { ann, newTestParley, TestApp } from "../testing/TestApp";
import { App } from "./App";

let isSignedIn = false;
const refused = { detail: "Sign in.", code: "not_signed_in" };

beforeEach(() => {
  window.localStorage.clear();
  isSignedIn = false;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const address = String(input);
    if (address.includes("/config"))
      return Response.json({ name: "Parley", sign_up_open: false, locale: "" });
    if (address.includes("/auth/login")) {
      isSignedIn = String(init?.body).includes("right");
      const wrong = { errors: [{ param: "password", message: "Wrong." }] };
      return isSignedIn ? Response.json({}) : Response.json(wrong, { status: 400 });
    }
    if (!isSignedIn) return Response.json(refused, { status: 401 });
    if (address.includes("/me")) return Response.json(ann);
    if (address.includes("/draft")) return Response.json({ text: "", version: 0 });
    return Response.json({ items: [], next: null });
  });
});

function started() {
  const made = newTestParley();
  render(<App />, { wrapper: ({ children }) => <TestApp parley={made.parley}>{children}</TestApp> });
  return made;
}

async function signInWith(password: string): Promise<void> {
  fireEvent.change(await screen.findByLabelText(/E-mail/), { target: { value: "ann@example.com" } });
  fireEvent.change(screen.getByLabelText(/Password/), { target: { value: password } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

test("a stranger sees the door; a wrong password is told beside its field; the right one opens", async () => {
  go({ room: "search", words: "" });
  started();
  await signInWith("wrong");
  expect(await screen.findByText("Wrong.")).toBeTruthy();
  await signInWith("right");
  expect(await screen.findByRole("navigation", undefined, { timeout: 5000 })).toBeTruthy();
  expect(window.location.pathname).toBe("/search");
});

test("a session that ends leaves what was typed, and the place where it was typed", async () => {
  go({ room: "new" });
  isSignedIn = true;
  const { parley, network } = started();
  const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  fireEvent.change(field, { target: { value: "half a thought" } });
  await waitFor(() => expect(network.connections).toHaveLength(1));
  isSignedIn = false;
  act(() => network.open().break(4401));
  expect(await screen.findByText(/Your session has ended/, undefined, { timeout: 5000 })).toBeTruthy();
  await signInWith("right");
  const again = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  expect(again.value).toBe("half a thought");
  expect(parley.hasSessionEnded.get()).toBe(false);
});

test("a socket closed because rights changed comes back without a sign-in", async () => {
  go({ room: "new" });
  isSignedIn = true;
  const { network } = started();
  await screen.findByRole("textbox", { name: "Message" });
  await waitFor(() => expect(network.connections).toHaveLength(1));
  act(() => network.open().break(4401));
  await waitFor(() => expect(network.connections).toHaveLength(2), { timeout: 5000 });
  expect(screen.queryByLabelText(/E-mail/)).toBeNull();
});
