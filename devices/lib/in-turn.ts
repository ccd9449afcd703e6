/** Runs tasks one after the other, in the order they were asked for; one that fails does not stop the next. */
export function inTurn(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let turn: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = turn.then(task)
    turn = result.catch(() => {})
    return result
  }
}
