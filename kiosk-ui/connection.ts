/**
 * What the screen knows about its agent. `signed-out`: the agent answers but does not know this screen;
 * only a new sign-in link mends that.
 */
export type Connection = 'connecting' | 'live' | 'lost' | 'signed-out'

/** The agent beats every 5 s; two beats missed and a margin mean that nobody is there. */
export const silenceMs = 12_000

const firstRetryMs = 500
const lastRetryMs = 5_000

/** Time to wait before asking again whether the agent can be reached; `attempt` counts from 0. */
export function retryDelayMs(attempt: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(attempt, 10), lastRetryMs)
}

const shortestPageLifeMs = 60_000

interface BuildSeen {
  /** The build of the first snapshot this page received. */
  readonly firstBuild: string
  readonly build: string
  readonly pageAgeMs: number
  readonly sessionRunning: boolean
}

/** Whether this page should be replaced by a newer build: never under a visitor's hands, at most once a minute. */
export function reloadIsDue({ firstBuild, build, pageAgeMs, sessionRunning }: BuildSeen): boolean {
  return build !== firstBuild && pageAgeMs >= shortestPageLifeMs && !sessionRunning
}
