// What every test file gets: an IndexedDB in memory, and an empty page afterwards.
import "fake-indexeddb/auto";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);
