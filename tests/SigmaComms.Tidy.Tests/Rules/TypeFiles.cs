using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>One top-level type per file, named after it, in the namespace of its folder, not too deep.</summary>
public static class TypeFiles
{
    private const int FolderDepthMax = 3;

    public static IEnumerable<string> OneTypeNamedAfterTheFile(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in files.Where(f => f.IsCSharp))
        {
            List<MemberDeclarationSyntax> types = [.. file.TopLevelTypes()];
            string expected = file.Name.Split('.')[0];
            if (types.Count > 1)
            {
                yield return $"{file.At(types[1])}: {types.Count} top-level types in one file";
            }
            else if (types.Count == 1 && SyntaxWalk.NameOf(types[0]) != expected)
            {
                yield return $"{file.At(types[0])}: the type {SyntaxWalk.NameOf(types[0])} is not named after the file";
            }
            else if (types.Count == 0 && file.Name is not ("AssemblyInfo.cs" or "GlobalUsings.cs"))
            {
                yield return $"{file.Path}: no type in it";
            }
        }
    }

    public static IEnumerable<string> NamespaceIsTheFolder(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in files.Where(f => f.IsCSharp && f.Project is not null && f.TopLevelTypes().Any()))
        {
            string expected = file.Folder[(file.Folder.IndexOf('/') + 1)..].Replace('/', '.');
            BaseNamespaceDeclarationSyntax? declared =
                file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault();
            if (declared is not FileScopedNamespaceDeclarationSyntax || declared.Name.ToString() != expected)
            {
                yield return $"{file.Path}: the file-scoped namespace must be {expected}";
            }
        }
    }

    public static IEnumerable<string> FolderDepth(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in files.Where(f => f.IsCSharp && f.Project is not null))
        {
            int depth = file.Path.Count(c => c == '/') - 2;
            if (depth > FolderDepthMax)
            {
                yield return $"{file.Path}: {depth} folders below its project, at most {FolderDepthMax}";
            }
        }
    }
}
