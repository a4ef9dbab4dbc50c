using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SigmaComms.Tidy.Tests.Files;

/// <summary>What several rules ask of a syntax tree.</summary>
public static class SyntaxWalk
{
    /// <summary>Types and delegates that stand directly in a namespace or file.</summary>
    public static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(this RepoFile file) =>
        AllTypes(file).Where(type => type.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax);

    /// <summary>All types and delegates, nested ones too.</summary>
    public static IEnumerable<MemberDeclarationSyntax> AllTypes(this RepoFile file) =>
        file.Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()
            .Where(member => member is DelegateDeclarationSyntax
                || (member is BaseTypeDeclarationSyntax type && type.Identifier.ValueText.Length > 0));

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.ValueText,
        DelegateDeclarationSyntax declared => declared.Identifier.ValueText,
        _ => "",
    };

    /// <summary>Lines from the first token to the last, comments before it not counted.</summary>
    public static int Lines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    /// <summary>"ShardPlacement2Table" gives Shard, Placement2, Table.</summary>
    public static IEnumerable<string> Words(string pascalCase)
    {
        int start = 0;
        for (int i = 1; i <= pascalCase.Length; i++)
        {
            if (i == pascalCase.Length || char.IsUpper(pascalCase[i]) || pascalCase[i] is '.' or '_' or '-')
            {
                yield return pascalCase[start..i].Trim('.', '_', '-');
                start = i;
            }
        }
    }
}
