/** What the tasks of one call of many have in common. */
export class Share {
  readonly id: number;
  /** The turn of the task that came last. */
  last = -1;

  constructor(id: number) {
    this.id = id;
  }
}
