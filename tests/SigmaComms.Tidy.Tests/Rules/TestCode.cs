using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>No sleeps and no constant skips in tests; test names are claims.</summary>
public static class TestCode
{
    public static IEnumerable<string> Sleeps(IEnumerable<RepoFile> files) =>
        from file in files
        where file.IsTest
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() is "Thread.Sleep" or "System.Threading.Thread.Sleep"
            || (call.Expression.ToString() is "Task.Delay" && call.ArgumentList.Arguments.Count < 2 && !IsLimit(call))
        select $"{file.At(call)}: a sleep";

    public static IEnumerable<string> ConstantSkips(IEnumerable<RepoFile> files) =>
        from file in files
        where file.IsTest
        from argument in file.Syntax.DescendantNodes().OfType<AttributeArgumentSyntax>()
        where argument.NameEquals?.Name.Identifier.ValueText == "Skip"
            && argument.Expression.IsKind(SyntaxKind.StringLiteralExpression)
        select $"{file.At(argument)}: a test that is always skipped";

    public static IEnumerable<string> NamesThatAreNoClaims(IEnumerable<RepoFile> files) =>
        from file in files
        where file.IsTest
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTestAttribute)
            && method.Identifier.ValueText.Count(c => c == '_') < 2
        select $"{file.At(method)}: the test name {method.Identifier.ValueText} is not a claim in words";

    /// <summary>A delay that only ends a wait for something else is a time limit.</summary>
    private static bool IsLimit(InvocationExpressionSyntax delay) =>
        delay.Parent?.Parent?.Parent is InvocationExpressionSyntax { Expression: var waiting }
        && waiting.ToString() == "Task.WhenAny";

    private static bool IsTestAttribute(AttributeSyntax attribute)
    {
        string name = attribute.Name.ToString();
        return name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal);
    }
}
