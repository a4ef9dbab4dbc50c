using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>Logs only by source-generated methods in Log.cs, with ids from the folder's own hundred.</summary>
public static class Logs
{
    private static readonly HashSet<string> DirectCalls =
        ["LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical"];

    public static IEnumerable<string> OnlyGenerated(IEnumerable<RepoFile> files)
    {
        foreach (RepoFile file in files.Where(f => f.IsSource))
        {
            foreach (MemberAccessExpressionSyntax call in file.Syntax.DescendantNodes()
                .OfType<MemberAccessExpressionSyntax>())
            {
                if (call.Parent is InvocationExpressionSyntax && DirectCalls.Contains(call.Name.Identifier.ValueText))
                {
                    yield return $"{file.At(call)}: a log call that is not source-generated";
                }
            }

            if (file.Name != "Log.cs" && LoggerMessages(file).FirstOrDefault() is AttributeSyntax misplaced)
            {
                yield return $"{file.At(misplaced)}: a log message outside Log.cs";
            }
        }
    }

    public static IEnumerable<string> IdsFromTheFoldersHundred(IEnumerable<RepoFile> files)
    {
        Dictionary<int, string> owners = [];
        foreach (RepoFile file in files.Where(f => f.IsSource && f.Name == "Log.cs"))
        {
            HashSet<int> seen = [];
            foreach (AttributeSyntax message in LoggerMessages(file))
            {
                if (EventId(message) is not int id)
                {
                    yield return $"{file.At(message)}: a log message without a numeric id";
                    continue;
                }

                if (!seen.Add(id))
                {
                    yield return $"{file.At(message)}: the id {id} is used twice";
                }

                if (owners.TryAdd(id / 100, file.Path) || owners[id / 100] == file.Path)
                {
                    continue;
                }

                yield return $"{file.At(message)}: the id {id} is from the hundred of {owners[id / 100]}";
            }

            if (seen.Select(id => id / 100).Distinct().Count() > 1)
            {
                yield return $"{file.Path}: ids from more than one hundred";
            }
        }
    }

    private static IEnumerable<AttributeSyntax> LoggerMessages(RepoFile file) =>
        file.Syntax.DescendantNodes().OfType<AttributeSyntax>().Where(a => a.Name.ToString() is "LoggerMessage");

    private static int? EventId(AttributeSyntax message)
    {
        IEnumerable<AttributeArgumentSyntax> arguments = message.ArgumentList?.Arguments ?? [];
        AttributeArgumentSyntax? id =
            arguments.FirstOrDefault(a =>
                (a.NameEquals?.Name.ToString() ?? a.NameColon?.Name.ToString()) is "EventId" or "eventId")
            ?? arguments.FirstOrDefault();
        return int.TryParse(id?.Expression.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : null;
    }
}
