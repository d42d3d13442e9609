import { changeSecrets, sealedSecret, sealedText } from "../../config/sinks/document-secrets.ts";
import { IotmonError } from "../../core/errors.ts";
import { CommandError } from "../../service/command-error.ts";
import type { Command } from "../../service/commands.ts";
import { changeDocuments } from "../../service/snapshot/save-registry.ts";
import type { SnapshotPart } from "../../service/snapshot/snapshot-parts.ts";
import type { FoundFormat } from "../../state/files/format.ts";
import type { SecretKeys } from "../../state/secrets/secret-keys.ts";

/** First format of a state directory with sealed secrets. */
const FIRST_SEALED_FORMAT = 3;

/** Whether a format of a state directory is older than sealed secrets. */
export function isOlderThanSeals(format: FoundFormat): boolean {
  return typeof format === "number" && format < FIRST_SEALED_FORMAT;
}

/**
 * Seals the secrets of pipelines that came over HTTP, in commands of the write-ahead log and in parts of checkpoints.
 * Pipelines of files have variables instead. What can't be opened, because its key is missing, stays sealed.
 */
export class SecretDocuments {
  readonly #keys: SecretKeys;
  #hasPlain = false;

  constructor(keys: SecretKeys) {
    this.#keys = keys;
  }

  /** Whether something that was opened was not sealed: an older version wrote it. */
  get hasPlain(): boolean {
    return this.#hasPlain;
  }

  /** @throws {CommandError} `unavailable`: the key file can't be written. */
  sealCommand<C extends Command>(command: C): C {
    try {
      return changeCommand(command, (document, name) => this.#seal(document, name));
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      const { message, at } = error;
      throw new CommandError("unavailable", `nothing was changed: ${message}`, {
        hint: `Make sure that the server can write ${at}`,
      });
    }
  }

  openCommand(command: Command): Command {
    return changeCommand(command, (document, name) => this.#open(document, name));
  }

  /** @throws {IotmonError} As {@link SecretKeys.seal}. */
  sealPart(part: SnapshotPart): SnapshotPart {
    return changeDocuments(part, (document, name) => this.#seal(document, name));
  }

  openPart(part: SnapshotPart): SnapshotPart {
    return changeDocuments(part, (document, name) => this.#open(document, name));
  }

  #seal(document: unknown, pipeline: string): unknown {
    return changeSecrets(document, ({ value, path }) =>
      typeof value === "string"
        ? sealedSecret(this.#keys.seal(value, labelOf(pipeline, path)))
        : value,
    );
  }

  #open(document: unknown, pipeline: string): unknown {
    return changeSecrets(document, ({ value, path }) => {
      const sealed = sealedText(value);
      if (sealed === null) {
        this.#hasPlain = true;
        return value;
      }
      return this.#keys.open(sealed, labelOf(pipeline, path)) ?? value;
    });
  }
}

function changeCommand<C extends Command>(
  command: C,
  change: (document: unknown, pipeline: string) => unknown,
): C {
  if (command.kind !== "put_pipeline" || command.file !== undefined) return command;
  return { ...command, document: change(command.document, command.name) };
}

function labelOf(pipeline: string, path: readonly (string | number)[]): string {
  return [pipeline, ...path].join("\n");
}
