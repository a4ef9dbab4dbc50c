using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>
/// Every public algorithm of Cryptography names its standard, and a known-answer test mentions it. The root types
/// (Digest, SecretBytes, ...), interfaces and enums are no algorithms.
/// </summary>
public static class Standards
{
    private const string Source = "src/SigmaComms.Cryptography/";
    private const string Tests = "tests/SigmaComms.Cryptography.Tests/";

    public static IEnumerable<string> Missing(IEnumerable<RepoFile> files)
    {
        List<RepoFile> all = [.. files];
        List<RepoFile> answers = [.. all.Where(IsKnownAnswerTest)];
        foreach (RepoFile file in all.Where(f => f.IsSource && f.Folder.StartsWith(Source, StringComparison.Ordinal)))
        {
            foreach (TypeDeclarationSyntax type in file.TopLevelTypes().OfType<TypeDeclarationSyntax>())
            {
                if (type is InterfaceDeclarationSyntax || !type.Modifiers.Any(SyntaxKind.PublicKeyword))
                {
                    continue;
                }

                string name = type.Identifier.ValueText;
                bool named = type.GetLeadingTrivia().ToFullString().Contains("<standard>", StringComparison.Ordinal);
                if (!named)
                {
                    yield return $"{file.At(type)}: {name} does not name its standard";
                }

                if (NeedsKnownAnswer(file) && !answers.Any(test => Mentions(test, name)))
                {
                    yield return $"{file.At(type)}: no known-answer test in {Tests} mentions {name}";
                }
            }
        }
    }

    /// <summary>The random source of the system has no answer that is known before.</summary>
    private static bool NeedsKnownAnswer(RepoFile file) =>
        !file.Path.StartsWith(Source + "Entropy/", StringComparison.Ordinal);

    private static bool IsKnownAnswerTest(RepoFile file) =>
        file.IsTest && file.Path.StartsWith(Tests, StringComparison.Ordinal)
        && (file.Text.Contains("known answer", StringComparison.OrdinalIgnoreCase)
            || file.Text.Contains("known-answer", StringComparison.OrdinalIgnoreCase)
            || file.Name.Contains("KnownAnswer", StringComparison.Ordinal)
            || file.Name.Contains("Acvp", StringComparison.Ordinal)
            || file.Name.Contains("Wycheproof", StringComparison.Ordinal)
            || file.Name.Contains("Vector", StringComparison.Ordinal));

    private static bool Mentions(RepoFile test, string name) =>
        test.Syntax.DescendantTokens().Any(token => token.ValueText == name);
}
