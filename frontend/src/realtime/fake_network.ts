// For tests: a clock that only the test moves, and connections whose far end is the test.
import type { Clock } from "./clock";
import type { Connection } from "./socket";

export class FakeClock implements Clock {
  #now = 1_000;
  #timers: { at: number; action: () => void }[] = [];
  chance = 0.5;

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }
}

export class FakeConnection implements Connection {
  onopen: Connection["onopen"] = null;
  onmessage: Connection["onmessage"] = null;
  onclose: Connection["onclose"] = null;
  isClosed = false;
  readonly sent: Record<string, unknown>[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.(new Event("open"));
  }

  saySomething(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  break(code: number): void {
    this.onclose?.(new CloseEvent("close", { code }));
  }

  sentOf(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame.type === type);
  }

  say(frame: unknown): void {
    this.saySomething(JSON.stringify(frame));
  }
}

/** Every connection that was asked for, newest last. */
export class FakeNetwork {
  readonly connections: FakeConnection[] = [];

  readonly connect = (): FakeConnection => {
    const connection = new FakeConnection();
    this.connections.push(connection);
    return connection;
  };

  get newest(): FakeConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error("nothing has connected yet");
    return connection;
  }

  open(): FakeConnection {
    this.newest.open();
    return this.newest;
  }
}
