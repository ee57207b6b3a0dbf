import { expect, test } from "vitest";
import { FakeClock, FakeNetwork } from "./fake_network";
import { Socket, type SocketState, waitMs } from "./socket";

function started() {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const states: SocketState[] = [];
  const texts: string[] = [];
  const socket = new Socket(network.connect, clock, {
    state: (state) => states.push(state),
    text: (text) => texts.push(text),
  });
  socket.start();
  return { clock, network, socket, states, texts };
}

test("waits are spread over the whole interval, which doubles from 1 s to 30 s", () => {
  expect([0, 1, 2, 3, 4, 5, 20].map((attempt) => waitMs(attempt, 1))).toEqual([
    1000, 2000, 4000, 8000, 16000, 30000, 30000,
  ]);
  expect(waitMs(3, 0)).toBe(0);
  expect(waitMs(3, 0.25)).toBe(2000);
});

test("it connects again after a loss, each time after a longer wait", () => {
  const { clock, network, states } = started();
  clock.chance = 0.999999;
  network.open();
  network.newest.break(1006);
  expect(states).toEqual(["connecting", "open", "waiting"]);
  clock.pass(999);
  expect(network.connections).toHaveLength(1);
  clock.pass(2);
  expect(network.connections).toHaveLength(2);
  network.newest.break(1006);
  clock.pass(1990);
  expect(network.connections).toHaveLength(2);
  clock.pass(20);
  expect(network.connections).toHaveLength(3);
});

test("a server that accepts and closes at once is not hammered", () => {
  const { clock, network } = started();
  clock.chance = 0.999999;
  for (let second = 0; second < 120; second += 1) {
    const before = network.connections.length;
    clock.pass(1000);
    if (network.connections.length > before) {
      network.open();
      network.newest.break(1012);
    }
  }
  expect(network.connections.length).toBeLessThan(10);
});

test("a dead connection is found within 45 s, whenever it dies", () => {
  for (const diesAfterMs of [0, 1, 19_999, 20_001, 33_333]) {
    const { clock, network, socket } = started();
    const connection = network.open();
    connection.send = (text) => {
      connection.sent.push(JSON.parse(text));
      if (clock.now() - 1000 < diesAfterMs) connection.say({ type: "pong" });
    };
    clock.pass(diesAfterMs);
    expect(socket.state).toBe("open");
    clock.pass(45_000);
    expect(connection.isClosed).toBe(true);
  }
});

test("a quiet connection that answers its pings stays open", () => {
  const { clock, network, socket } = started();
  const connection = network.open();
  connection.send = (text) => {
    connection.sent.push(JSON.parse(text));
    connection.say({ type: "pong" });
  };
  clock.pass(600_000);
  expect(socket.state).toBe("open");
  expect(connection.sentOf("ping")).toHaveLength(30);
});

test("waking ends the wait, and distrusts an old connection", () => {
  const { clock, network, socket } = started();
  const old = network.open();
  clock.pass(12_000);
  socket.wake();
  expect(old.sentOf("ping")).toHaveLength(1);
  clock.pass(4_000);
  expect(socket.state).toBe("waiting");
  socket.wake();
  expect(socket.state).toBe("connecting");
  expect(network.connections).toHaveLength(2);
});

test("a connection that never opens is given up", () => {
  const { clock, network } = started();
  clock.pass(15_000);
  clock.pass(1_000);
  expect(network.connections).toHaveLength(2);
  expect(network.connections[0]?.isClosed).toBe(true);
});

test("after 4401 it stays away until somebody signs in", () => {
  const { clock, network, socket } = started();
  network.open().break(4401);
  clock.pass(600_000);
  expect(socket.state).toBe("signed_out");
  expect(network.connections).toHaveLength(1);
  socket.start();
  expect(network.connections).toHaveLength(2);
});

test("after 4403 it does not try again, after 4429 it waits at least 10 s", () => {
  const refused = started();
  refused.network.open().break(4403);
  refused.clock.pass(600_000);
  expect(refused.socket.state).toBe("refused");
  const hasty = started();
  hasty.clock.chance = 0;
  hasty.network.open().break(4429);
  hasty.clock.pass(9_999);
  expect(hasty.network.connections).toHaveLength(1);
  hasty.clock.pass(1);
  expect(hasty.network.connections).toHaveLength(2);
});

test("stopping is final, and a late close of the old connection changes nothing", () => {
  const { clock, network, socket } = started();
  const connection = network.open();
  socket.stop();
  connection.break(1006);
  clock.pass(600_000);
  expect(socket.state).toBe("idle");
  expect(network.connections).toHaveLength(1);
  expect(socket.send("x")).toBe(false);
});
