using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>Directives, unfinished work, suppressed warnings and paths that hold on one machine only.</summary>
public static partial class Text
{
    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".ps1", ".config", ".service", ".editorconfig", "/run"];

    public static IEnumerable<string> Regions(IEnumerable<RepoFile> files) =>
        from file in files
        where file.IsCSharp
        from trivia in file.Syntax.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select $"{file.At(trivia.GetLocation())}: a region";

    public static IEnumerable<string> UnfinishedWork(IEnumerable<RepoFile> files) =>
        from file in files
        where file.IsCSharp
        from token in file.Syntax.DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == nameof(NotImplementedException)
            && token.Parent?.Parent is ObjectCreationExpressionSyntax
        select $"{file.At(token.GetLocation())}: not implemented";

    /// <summary>A suppression names its rule and its reason where it stands.</summary>
    public static IEnumerable<string> SuppressionsWithoutReason(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in files.Where(f => f.IsCSharp))
        {
            IEnumerable<PragmaWarningDirectiveTriviaSyntax> pragmas = file.Syntax.DescendantTrivia()
                .Select(trivia => trivia.GetStructure()).OfType<PragmaWarningDirectiveTriviaSyntax>();
            foreach (PragmaWarningDirectiveTriviaSyntax pragma in pragmas)
            {
                bool disables = pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword);
                if (disables
                    && (pragma.ErrorCodes.Count == 0
                        || !pragma.ToFullString().Contains("//", StringComparison.Ordinal)))
                {
                    yield return $"{file.At(pragma)}: a suppressed warning without rule or reason";
                }
            }

            foreach (AttributeSyntax attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>())
            {
                if (attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal)
                    && !attribute.ToString().Contains("Justification", StringComparison.Ordinal))
                {
                    yield return $"{file.At(attribute)}: a suppressed warning without a justification";
                }
            }
        }
    }

    public static IEnumerable<string> MachinePaths(IEnumerable<RepoFile> files)
    {
        foreach (
            RepoFile file in files.Where(f => TextFiles.Any(end => f.Path.EndsWith(end, StringComparison.Ordinal))))
        {
            string[] lines = file.Text.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                Match match = MachinePath().Match(lines[i]);
                if (match.Success)
                {
                    yield return $"{file.Path}:{i + 1}: a path of one machine, {match.Value}";
                }
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.$~})])/(root|home|work|Users)/[\w.-]+|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
