import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DeviceError } from '../../devices/errors.ts'
import type { StreamLink } from '../../devices/link/link.ts'

/** A device on its cable, as one adapter of the link makes it. */
export interface LinkBench {
  /** Opens a new connection to the device; the driver's end and the device's end. */
  connect(): Promise<{ near: StreamLink; far: StreamLink }>
  /** Pulls the cable of the connection opened last. */
  unplug(): Promise<void>
  /** Takes everything away at the end of a test. */
  dispose(): Promise<void>
}

export interface LinkTraits {
  /** Whether a write waits while the line is full; a cable made of memory takes any amount at once. */
  readonly writeBlocksWhenFull?: boolean
}

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** What every stream link promises, run on each of them. */
export function linkContract(name: string, openBench: () => Promise<LinkBench>, traits: LinkTraits = {}) {
  describe(`a stream link (${name})`, () => {
    let bench: LinkBench
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)

    beforeEach(async () => {
      process.on('unhandledRejection', note)
      bench = await openBench()
    })
    afterEach(async () => {
      await bench.dispose()
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', note)
      expect(unhandled.splice(0)).toEqual([])
    })

    test('carries every byte value unchanged, both ways', async () => {
      const { near, far } = await bench.connect()
      const atDevice = collect(far)
      const atDriver = collect(near)
      await near.write(everyByte)
      await far.write(everyByte)
      await vi.waitFor(() => {
        expect(atDevice.bytes()).toEqual(Buffer.from(everyByte))
        expect(atDriver.bytes()).toEqual(Buffer.from(everyByte))
      })
    })

    test('carries 100 kB both ways at once, in order', async () => {
      const { near, far } = await bench.connect()
      const down = noise(100_000, 1)
      const up = noise(100_000, 2)
      const atDevice = collect(far)
      const atDriver = collect(near)
      await Promise.all([near.write(down), far.write(up)])
      await vi.waitFor(
        () => {
          expect(atDevice.bytes().equals(down)).toBe(true)
          expect(atDriver.bytes().equals(up)).toBe(true)
        },
        { timeout: 5000 },
      )
    })

    test('keeps the order of writes nobody waited for', async () => {
      const { near, far } = await bench.connect()
      const atDevice = collect(far)
      const pieces = Array.from({ length: 40 }, (_, index) => noise(1 + ((index * 97) % 1500), index))
      await Promise.all(pieces.map((piece) => near.write(piece)))
      await vi.waitFor(() => expect(atDevice.bytes().equals(Buffer.concat(pieces))).toBe(true))
    })

    test('sends what the bytes were when write was called', async () => {
      const { near, far } = await bench.connect()
      const atDevice = collect(far)
      const buffer = Uint8Array.of(1, 2, 3)
      const first = near.write(buffer)
      const second = near.write(buffer)
      buffer.fill(9)
      await Promise.all([first, second])
      await vi.waitFor(() => expect([...atDevice.bytes()]).toEqual([1, 2, 3, 1, 2, 3]))
    })

    test('loses nothing when the reader starts late', async () => {
      const { near, far } = await bench.connect()
      await far.write(everyByte)
      await pause(50)
      const atDriver = collect(near)
      await far.write(Uint8Array.of(7))
      await vi.waitFor(() => expect([...atDriver.bytes()]).toEqual([...everyByte, 7]))
    })

    test('has one reader only', async () => {
      const { near } = await bench.connect()
      near.bytes[Symbol.asyncIterator]()
      expect(() => near.bytes[Symbol.asyncIterator]()).toThrow('one reader')
    })

    test('notices an unplug although nobody reads or asks', async () => {
      const { near } = await bench.connect()
      await bench.unplug()
      await vi.waitFor(() => expect(near.closed.aborted).toBe(true), { timeout: 2000, interval: 5 })
      expect(near.closed.reason).toBeInstanceOf(DeviceError)
      expect(near.closed.reason).toMatchObject({ code: 'link-lost' })
    })

    test('gives the reader what had arrived before an unplug, and then ends without an error', async () => {
      const { near, far } = await bench.connect()
      const reader = collect(near)
      await far.write(Uint8Array.of(1, 2, 3))
      await vi.waitFor(() => expect([...reader.bytes()]).toEqual([1, 2, 3]))
      await bench.unplug()
      await reader.ended
      expect([...reader.bytes()]).toEqual([1, 2, 3])
    })

    test('ends reading without an error when we close', async () => {
      const { near } = await bench.connect()
      const reader = collect(near)
      await pause(10)
      await near.close()
      await reader.ended
      expect(near.closed.reason).toMatchObject({ code: 'link-closed' })
    })

    test('can be closed twice, and closed after an unplug, and keeps its first reason', async () => {
      const { near } = await bench.connect()
      await Promise.all([near.close(), near.close()])
      await near.close()
      expect(near.closed.reason).toMatchObject({ code: 'link-closed' })

      const second = (await bench.connect()).near
      await bench.unplug()
      await vi.waitFor(() => expect(second.closed.aborted).toBe(true))
      await second.close()
      expect(second.closed.reason).toMatchObject({ code: 'link-lost' })
    })

    test('refuses a write after close, and sends not a byte of it on the next connection', async () => {
      const first = await bench.connect()
      await first.near.close()
      await expect(first.near.write(Uint8Array.of(0xa0, 0x01, 0x01, 0xa2))).rejects.toMatchObject({
        code: 'link-closed',
      })
      const { near, far } = await bench.connect()
      const atDevice = collect(far)
      await near.write(Uint8Array.of(0x55))
      await pause(50)
      expect([...atDevice.bytes()]).toEqual([0x55])
    })

    test('refuses a write after an unplug, and sends not a byte of it on the next connection', async () => {
      const first = await bench.connect()
      await bench.unplug()
      await vi.waitFor(() => expect(first.near.closed.aborted).toBe(true))
      await expect(first.near.write(Uint8Array.of(0xa0))).rejects.toMatchObject({ code: 'link-lost' })
      const { near, far } = await bench.connect()
      const atDevice = collect(far)
      await near.write(Uint8Array.of(0x55))
      await pause(50)
      expect([...atDevice.bytes()]).toEqual([0x55])
    })

    // A link that never fills has no pending write to end.
    const fullLinkTest = traits.writeBlocksWhenFull ? test : () => {}
    fullLinkTest('rejects each pending write once when the cable is pulled', async () => {
      const { near } = await bench.connect()
      // More than any line holds, and nobody at the device takes it.
      const results = [near.write(new Uint8Array(30_000_000)), near.write(Uint8Array.of(1))].map((write) =>
        write.then(
          () => 'written',
          (error: unknown) => error,
        ),
      )
      await pause(50)
      await bench.unplug()
      for (const result of await Promise.all(results)) expect(result).toMatchObject({ code: 'link-lost' })
    })

    fullLinkTest('closes at once although a write is pending, and drops it', async () => {
      const { near } = await bench.connect()
      const result = near.write(new Uint8Array(30_000_000)).catch((error: unknown) => error)
      await pause(50)
      await near.close()
      await expect(result).resolves.toMatchObject({ code: 'link-closed' })
    })

    test.skipIf(process.platform !== 'linux')('leaves no file open after 50 connections', async () => {
      const cycle = async () => {
        const { near, far } = await bench.connect()
        await near.write(Uint8Array.of(1))
        await near.close()
        await far.close()
        await bench.unplug()
      }
      await cycle()
      const before = openFiles()
      for (let count = 0; count < 50; count++) await cycle()
      await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(before))
    })
  })
}

/** Reads a link in the background. */
export function collect(link: StreamLink) {
  const chunks: Uint8Array[] = []
  const ended = (async () => {
    for await (const chunk of link.bytes) chunks.push(chunk)
  })()
  return { bytes: () => Buffer.concat(chunks), ended }
}

export function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

/** Bytes that look like nothing, the same each time. */
function noise(length: number, seed: number): Buffer {
  let state = seed * 2654435761 + 1
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    }),
  )
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
