using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>Method at most 70 lines, file at most 500, line at most 120; generated tables are exempt.</summary>
public static class Sizes
{
    private const int MethodLinesMax = 70;
    private const int FileLinesMax = 500;
    private const int LineCharactersMax = 120;

    public static IEnumerable<string> Methods(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in Measured(files))
        {
            foreach (SyntaxNode node in file.Syntax.DescendantNodes())
            {
                if (node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
                    && SyntaxWalk.Lines(node) > MethodLinesMax)
                {
                    int lines = SyntaxWalk.Lines(node);
                    yield return $"{file.At(node)}: a method of {lines} lines, at most {MethodLinesMax}";
                }
            }
        }
    }

    public static IEnumerable<string> FilesAndLines(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in Measured(files))
        {
            string[] lines = file.Text.TrimEnd('\n').Split('\n');
            if (lines.Length > FileLinesMax)
            {
                yield return $"{file.Path}: {lines.Length} lines, at most {FileLinesMax}";
            }

            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > LineCharactersMax)
                {
                    yield return $"{file.Path}:{i + 1}: {lines[i].Length} characters, at most {LineCharactersMax}";
                }
            }
        }
    }

    private static IEnumerable<RepoFile> Measured(IEnumerable<RepoFile> files) =>
        files.Where(file => file.IsCSharp && !file.IsGeneratedTable);
}
