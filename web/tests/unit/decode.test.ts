// The embedded data: what the Rust side packs is what the client reads.
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { bytesOf, unpack } from "../../src/data/decode";

it("gzip in base64 is read as it was written", async () => {
  const text = JSON.stringify(["</script>", "预约", "\u202e", "x".repeat(100_000)]);
  const base64 = gzipSync(text).toString("base64");
  expect(await unpack(bytesOf(base64))).toBe(text);
});

it("a part that is cut is an error, not less data", async () => {
  const packed = gzipSync(JSON.stringify(["x".repeat(5000)]));
  await expect(unpack(bytesOf(packed.subarray(0, packed.length - 12).toString("base64")))).rejects.toThrow();
});
