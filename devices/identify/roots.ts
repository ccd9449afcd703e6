import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Where the system tells of itself. Every one may be another folder, so that a test's tree is looked at like a machine. */
export interface PortRoots {
  readonly dev: string
  readonly sys: string
  readonly proc: string
  readonly etc: string
  /** "/usr/lib": the udev rules of the distribution are below. */
  readonly lib: string
  /** Folders of ports that are not in the system's list, pseudo-terminals above all. */
  readonly extra: readonly string[]
  /** Whose permissions count, where that is not whoever runs this. */
  readonly user?: User
}

export interface User {
  readonly name: string
  readonly uid: number
  /** Group numbers, the user's own among them. */
  readonly groups: readonly number[]
}

/** This machine, or one whose files lie below `root`. */
export function rootsUnder(root = '/', extra: readonly string[] = []): PortRoots {
  return {
    dev: join(root, 'dev'),
    sys: join(root, 'sys'),
    proc: join(root, 'proc'),
    etc: join(root, 'etc'),
    lib: join(root, 'usr/lib'),
    extra,
  }
}

/** The name of whoever's permissions count, for the commands that give them more. */
export function userName({ user }: PortRoots): string {
  if (user) return user.name
  try {
    return userInfo().username
  } catch {
    return '"$USER"' // a user that is in no list; the shell knows better
  }
}
