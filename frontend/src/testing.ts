// What every test file gets: an IndexedDB in memory.
import "fake-indexeddb/auto";
