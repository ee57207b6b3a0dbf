// What every test file gets: an IndexedDB in memory, and an empty page afterwards.
import "fake-indexeddb/auto";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import english from "../i18n/locales/en.json";
import { speak } from "../i18n/t";

// A busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });

speak("en", english);

afterEach(cleanup);
