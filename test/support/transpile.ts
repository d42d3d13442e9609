import { join } from "node:path";
import type { CompilerOptions } from "typescript";

/** What becomes of one source file, exactly as the build writes it to `dist`. */
export interface Transpiled {
  readonly code: string;
  /** Where the code comes from, as JSON. */
  readonly map: string;
}

/**
 * What strips one file of its types, without checking them.
 *
 * @param root Folder of `tsconfig.build.json`.
 */
export async function createTranspiler(
  root: string,
): Promise<(fileName: string, text: string) => Transpiled> {
  const { default: ts } = await import("typescript");
  const configPath = join(root, "tsconfig.build.json");
  const { config } = ts.readConfigFile(configPath, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, {}, configPath);
  const compilerOptions: CompilerOptions = {
    ...options,
    sourceMap: true,
    // one file alone does not say that its package is ESM, as NodeNext wants to know
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  return (fileName, text) => {
    const { outputText, sourceMapText } = ts.transpileModule(text, { fileName, compilerOptions });
    return {
      code: outputText.replace(/\/\/# sourceMappingURL=.*\n?$/, ""),
      map: sourceMapText ?? "",
    };
  };
}
