import { perform, type Task } from './task';

/* The process of performBounded: is sent a task, sends back its result. */

process.once('message', (task) => {
  void perform(task as Task).then((result) => process.send?.(result, () => process.exit()));
});
process.once('disconnect', () => process.exit());
