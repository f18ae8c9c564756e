import type { Deployment } from "@yellowstone-compute/sdk";

/** A deployment on a node that answers nothing while it is down, and how often it was asked. */
export interface Unsteady {
  readonly d: Deployment;
  isDown: boolean;
  asked: number;
}

/** Let the node of a deployment fail at will. */
export function unsteady(d: Deployment): Unsteady {
  const node: Unsteady = { d: { ...d, provider: undefined as never }, isDown: false, asked: 0 };
  const provider = new Proxy(d.provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        node.asked++;
        if (node.isDown) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return Object.assign(node, { d: { ...d, provider } });
}
