// Reads the parts that are embedded in the page: each is JSON, compressed with gzip, written as base64 in bounded pieces.

/** What newer browsers have, and older ones have not. */
type FromBase64 = { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** Reads base64 to bytes. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const own = (Uint8Array as FromBase64).fromBase64;
  if (own) return own(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Unpacks gzip to text. */
export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** Collects the pieces of every part by the part's name, in the page's order. */
export function piecesOf(root: ParentNode): Map<string, Element[]> {
  const parts = new Map<string, Element[]>();
  for (const piece of root.querySelectorAll("script[data-part]")) {
    const name = piece.getAttribute("data-part") ?? "";
    const pieces = parts.get(name);
    if (pieces) pieces.push(piece);
    else parts.set(name, [piece]);
  }
  return parts;
}

/** Reads one part. Each piece but the last holds a multiple of four characters, so that the pieces can be joined. */
export async function readPart<T>(pieces: Element[]): Promise<T> {
  const base64 = pieces.map((piece) => (piece.textContent ?? "").trim()).join("");
  return JSON.parse(await unpack(bytesOf(base64))) as T;
}
