using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SigmaComms.Tidy.Tests.Files;

/// <summary>One file of the repository, or one planted by a test.</summary>
public sealed class RepoFile
{
    private readonly Lazy<string> _text;
    private readonly Lazy<CompilationUnitSyntax> _syntax;

    public RepoFile(string path, Func<string> read)
    {
        Path = path;
        _text = new Lazy<string>(read);
        _syntax = new Lazy<CompilationUnitSyntax>(Parse);
    }

    public RepoFile(string path, string text)
        : this(path, () => text)
    {
    }

    /// <summary>Relative to the repository, with forward slashes.</summary>
    public string Path { get; }

    public string Text => _text.Value;

    public CompilationUnitSyntax Syntax => _syntax.Value;

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsSource => IsCSharp && Path.StartsWith("src/", StringComparison.Ordinal);

    public bool IsTest => IsCSharp && Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Generated tables say so in their first line, and are exempt from the sizes.</summary>
    public bool IsGeneratedTable => Text.StartsWith("// Generated", StringComparison.Ordinal);

    /// <summary>The folder of the project (src/X, tests/X, bench/X), or null outside of one.</summary>
    public string? Project
    {
        get
        {
            string[] parts = Path.Split('/');
            return parts.Length >= 3 && parts[0] is "src" or "tests" or "bench" ? $"{parts[0]}/{parts[1]}" : null;
        }
    }

    public string At(SyntaxNode node) => At(node.GetLocation());

    public string At(Location location) => $"{Path}:{location.GetLineSpan().StartLinePosition.Line + 1}";

    private CompilationUnitSyntax Parse()
    {
        CSharpParseOptions options = new(LanguageVersion.Preview, DocumentationMode.Parse);
        return (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(Text, options, Path).GetRoot();
    }
}
