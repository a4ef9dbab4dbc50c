using SigmaComms.Tidy.Tests.Files;
using SigmaComms.Tidy.Tests.Rules;

namespace SigmaComms.Tidy.Tests;

/// <summary>The repository as it stands obeys each rule.</summary>
public sealed class RepositoryTests
{
    [Fact]
    public void The_repository_was_found_and_has_sources() =>
        Assert.Contains(Repository.Files, file => file.IsSource && file.Syntax.Members.Count > 0);

    [Fact]
    public void Each_file_holds_one_type_named_after_it() => Obeys(TypeFiles.OneTypeNamedAfterTheFile);

    [Fact]
    public void Each_namespace_is_its_folder_path() => Obeys(TypeFiles.NamespaceIsTheFolder);

    [Fact]
    public void No_folder_is_deeper_than_three_below_its_project() => Obeys(TypeFiles.FolderDepth);

    [Fact]
    public void No_method_is_longer_than_seventy_lines() => Obeys(Sizes.Methods);

    [Fact]
    public void No_file_or_line_is_too_long() => Obeys(Sizes.FilesAndLines);

    [Fact]
    public void No_name_says_nothing_at_all() => Obeys(Names.SayNothing);

    [Fact]
    public void No_source_uses_a_region() => Obeys(Text.Regions);

    [Fact]
    public void No_source_is_left_unimplemented() => Obeys(Text.UnfinishedWork);

    [Fact]
    public void Every_suppressed_warning_has_its_reason() => Obeys(Text.SuppressionsWithoutReason);

    [Fact]
    public void No_file_holds_a_path_of_one_machine() => Obeys(Text.MachinePaths);

    [Fact]
    public void Logs_are_written_by_generated_methods_only() => Obeys(Logs.OnlyGenerated);

    [Fact]
    public void Log_ids_come_from_the_hundred_of_their_folder() => Obeys(Logs.IdsFromTheFoldersHundred);

    [Fact]
    public void No_test_sleeps_for_real() => Obeys(TestCode.Sleeps);

    [Fact]
    public void No_test_is_skipped_by_a_constant() => Obeys(TestCode.ConstantSkips);

    [Fact]
    public void Every_test_name_is_a_claim() => Obeys(TestCode.NamesThatAreNoClaims);

    [Fact]
    public void The_project_graph_equals_the_walls() => Obeys(Projects.GraphEqualsTheWalls);

    [Fact]
    public void Package_versions_are_central_and_used() => Obeys(Projects.VersionsAreCentral);

    [Fact]
    public void Every_project_is_locked_and_in_the_solution() => Obeys(Projects.EveryProjectIsLockedAndInTheSolution);

    [Fact]
    public void The_top_of_the_repository_holds_only_what_belongs_there() => Obeys(TopLevel.Strangers);

    [Fact]
    public void Every_algorithm_names_its_standard_and_is_answered_for() => Obeys(Standards.Missing);

    [Fact]
    public void Every_link_in_the_documents_leads_somewhere() => Obeys(DocumentLinks.Broken);

    private static void Obeys(Func<IEnumerable<RepoFile>, IEnumerable<string>> rule)
    {
        string[] violations = [.. rule(Repository.Files)];

        Assert.True(violations.Length == 0, $"{violations.Length} violations:\n{string.Join('\n', violations)}");
    }
}
