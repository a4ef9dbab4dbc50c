using System.Text.Json.Nodes;
using SigmaComms.Node.Seq;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Seq;

public sealed class SeqTemplateTests
{
    [Fact]
    public void A_reference_becomes_the_id_and_the_owner_nobody()
    {
        SeqTemplate template = SeqTemplate.Parse("alert-A.template", """
            { "$entity": "alert", "Title": "A", "Signals": [ref("s.template"), ref( "t.template" )],
              "OwnerId": arg("ownerId") }
            """);

        JsonObject entity = template.Entity(static file => $"id of {file}");

        Assert.Equal(SeqKind.Alert, template.Kind);
        Assert.Equal(["s.template", "t.template"], template.References);
        Assert.Equal(
            """{"Title":"A","Signals":["id of s.template","id of t.template"],"OwnerId":null}""",
            entity.ToJsonString());
    }

    [Fact]
    public void What_only_looks_like_a_reference_in_a_text_stays_text()
    {
        SeqTemplate template = SeqTemplate.Parse(
            "signal-A.template", """{ "$entity": "signal", "Title": "say \"ref(\\\"x\\\")\" ref(\"y\")" }""");

        Assert.Empty(template.References);
        Assert.Contains("ref(\"y\")", template.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{}", "$entity")]
    [InlineData("""{ "$entity": "user" }""", "$entity")]
    [InlineData("""{ "$entity": 5 }""", "$entity")]
    [InlineData("{ \"$entity\": \"signal\",\n \"Title\": env(\"x\") }", "line 2 is not JSON")]
    [InlineData("""{ "$entity": "signal", "Title": xref("x") }""", "not JSON")]
    [InlineData("""{ "$entity": "signal", "Title": ref("x }""", "not JSON")]
    public void What_is_no_template_is_refused_with_its_name(string text, string why)
    {
        CommandException fault = Assert.Throws<CommandException>(() => SeqTemplate.Parse("bad.template", text));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains("bad.template", fault.What, StringComparison.Ordinal);
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_nobody_gives_is_refused()
    {
        SeqTemplate template =
            SeqTemplate.Parse("a.template", """{ "$entity": "signal", "Title": arg("title") }""");

        CommandException fault = Assert.Throws<CommandException>(() => template.Entity(static file => file));

        Assert.Contains("arg(\"title\")", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_comes_after_those_it_refers_to()
    {
        SeqTemplate[] shuffled =
        [
            Refers("workspace", "w", "d"), Refers("dashboard", "d", "s"), Refers("signal", "s", "a"),
            Refers("alert", "a"),
        ];

        IReadOnlyList<SeqTemplate> ordered = SeqTemplateSet.Order(shuffled);

        Assert.Equal(["a", "s", "d", "w"], ordered.Select(static each => each.File));
    }

    [Fact]
    public void A_circle_and_a_missing_file_are_refused()
    {
        CommandException circle = Assert.Throws<CommandException>(
            () => SeqTemplateSet.Order([Refers("signal", "a", "b"), Refers("signal", "b", "a")]));
        CommandException missing =
            Assert.Throws<CommandException>(() => SeqTemplateSet.Order([Refers("signal", "a", "b")]));

        Assert.Contains("refers back", circle.Why, StringComparison.Ordinal);
        Assert.Contains("b, which is not there", missing.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_templates_that_come_with_sigma_are_those_of_the_repository()
    {
        IReadOnlyList<SeqTemplate> builtIn = SeqTemplateSet.BuiltIn();

        string folder = Path.Combine(Telemetry.SeqTemplateTests.Root(), "cluster-config", "seq");
        Assert.Equal(
            Directory.GetFiles(folder, "*.template").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            builtIn.Select(static each => each.File).Order(StringComparer.Ordinal));
        Assert.Equal(builtIn.Count, SeqTemplateSet.Load(folder).Count);
    }

    private static SeqTemplate Refers(string kind, string file, params string[] others)
    {
        string references = string.Join(", ", others.Select(static other => $"ref(\"{other}\")"));
        return SeqTemplate.Parse(file, $$"""{ "$entity": "{{kind}}", "Refers": [{{references}}] }""");
    }
}
