using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>Names that say nothing are not allowed for types, files and folders.</summary>
public static class Names
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Helper", "Helpers", "Manager", "Managers", "Util", "Utils", "Utilities", "Utility", "Common", "Misc", "Impl",
    };

    public static IEnumerable<string> SayNothing(IEnumerable<RepoFile> files)
    {
        HashSet<string> folders = [];
        foreach (RepoFile file in files.Where(f => f.Project is not null))
        {
            foreach (string folder in file.Folder.Split('/'))
            {
                if (IsForbidden(folder) && folders.Add(file.Folder))
                {
                    yield return $"{file.Folder}: a folder named {folder}";
                }
            }

            if (!file.IsCSharp)
            {
                continue;
            }

            foreach (MemberDeclarationSyntax type in file.AllTypes())
            {
                if (IsForbidden(SyntaxWalk.NameOf(type)))
                {
                    yield return $"{file.At(type)}: a type named {SyntaxWalk.NameOf(type)}";
                }
            }
        }
    }

    private static bool IsForbidden(string name) => SyntaxWalk.Words(name).Any(Forbidden.Contains);
}
