import type { AnyLink, StreamLink } from '../../link/link.ts'

/**
 * A link of another kind as the line of bytes that a module's protocol runs on. `bytes` reads it for as long as it lives,
 * so that an unplug is noticed while nobody asks.
 */
export function bytesOver(
  link: AnyLink,
  both: { readonly bytes: AsyncIterable<Uint8Array>; write(bytes: Uint8Array): Promise<void> },
): StreamLink {
  return { kind: 'stream', name: link.name, closed: link.closed, close: () => link.close(), ...both }
}
