import type { Circumstances } from './judgement.ts'
import type { OpenSession } from './session.ts'

/** How long a session stays open: until nothing happened for a while, and longer while somebody is seen. Pure. */
export function timesFrom(now: number, { rules }: Circumstances): Pick<OpenSession, 'deadline' | 'latest'> {
  const deadline = now + rules.session.idleSeconds * 1000
  return { deadline, latest: deadline + rules.session.presentSeconds * 1000 }
}

export function endOf({ present, latest, deadline }: OpenSession): number {
  return present ? latest : deadline
}

/** Somebody came into sight or left it. A sensor may miss people, so it only ever adds time. */
export function noticed(
  session: OpenSession,
  { present = false, rules }: Circumstances,
  now: number,
): OpenSession {
  if (session.present === present) return session
  if (present) return { ...session, present }
  const grace = Math.min(now + rules.session.graceSeconds * 1000, session.latest)
  return { ...session, present, deadline: Math.max(session.deadline, grace) }
}

/** Milliseconds that are left, and whether time stands still because somebody is seen to stand there. */
export function timeLeft(
  session: OpenSession,
  { rules }: Circumstances,
  now: number,
): { readonly remainingMs: number; readonly paused: boolean } {
  const remainingMs = Math.max(0, endOf(session) - now)
  const idleMs = rules.session.idleSeconds * 1000
  const paused = session.present && remainingMs > idleMs
  return { remainingMs: paused ? idleMs : remainingMs, paused }
}
