import { createSecretKey, hkdfSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { link, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeDurableFolder, syncFolder } from '../sqlite-worker/durable-folder.ts'

const KEY_BYTES = 32

/** The keys of one data folder, all derived from its master key. */
export interface Keys {
  /** HKDF-SHA-256 (RFC 5869), 32 bytes; the same purpose gives the same key, another purpose tells nothing about it. */
  derive(purpose: string): KeyObject
}

/**
 * `readable-by-others`, `wrong-size`: the file is there but must not be used. `lost`: it is gone, but what it opens is
 * there. `unreachable`: it can be neither read nor made. The message names the file and says what to do.
 */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
  readonly code: 'readable-by-others' | 'wrong-size' | 'lost' | 'unreachable'
  constructor(code: KeyFileError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Reads `<data>/keys/master.key`, or makes it at the first start. Rejects with a KeyFileError. */
export async function openKeys(dataFolder: string): Promise<Keys> {
  const path = join(dataFolder, 'keys', 'master.key')
  const master = await masterKey(dataFolder, path).catch((cause: unknown) => {
    if (cause instanceof KeyFileError) throw cause
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new KeyFileError(
      'unreachable',
      `Key file ${path}: check the folder and its permissions (${detail})`,
      { cause },
    )
  })
  return {
    derive: (purpose) => {
      const bytes = hkdfSync('sha256', master, Buffer.alloc(0), `hall-kiosk ${purpose}`, KEY_BYTES)
      return createSecretKey(Buffer.from(bytes))
    },
  }
}

async function masterKey(dataFolder: string, path: string): Promise<KeyObject> {
  const mode = await stat(path).catch(noSuchFile)
  if (mode === undefined) {
    await expectNothingLocked(dataFolder, path)
    await makeMasterKey(dirname(path), path)
  }
  await expectPrivate(path)
  const bytes = await readFile(path)
  if (bytes.length === KEY_BYTES) return createSecretKey(bytes)
  throw new KeyFileError(
    'wrong-size',
    `Key file ${path}: it has ${bytes.length} bytes instead of ${KEY_BYTES}; put the saved copy back`,
  )
}

/** A new key beside old halls would find none of their appointments, and nobody would know why. */
async function expectNothingLocked(dataFolder: string, path: string): Promise<void> {
  const halls = await readdir(join(dataFolder, 'halls')).catch(noSuchFile)
  if (!halls || halls.length === 0) return
  throw new KeyFileError(
    'lost',
    `Key file ${path}: it is gone, but the halls it was made for are in ${join(dataFolder, 'halls')}. ` +
      'Put the saved copy back; without it their appointments cannot be found. To begin anew, use another data folder.',
  )
}

/**
 * The key gets its name when all of it is on the disk, so a power cut leaves a whole key or none; `link` never replaces,
 * so of two agents that start at once both end up with the key of one.
 */
async function makeMasterKey(folder: string, path: string) {
  await makeDurableFolder(folder)
  const draft = join(folder, `${randomUUID()}.draft`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(randomBytes(KEY_BYTES))
    await file.sync()
  } finally {
    await file.close()
  }
  await link(draft, path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  await unlink(draft)
  await syncFolder(folder)
}

async function expectPrivate(path: string) {
  // Windows keeps permissions in access lists, which the mode does not show.
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if ((mode & 0o077) === 0) return
  throw new KeyFileError(
    'readable-by-others',
    `Key file ${path}: other users of this machine can read it; run "chmod 600 ${path}", and if somebody may have read it, make a new one`,
  )
}

function noSuchFile(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
