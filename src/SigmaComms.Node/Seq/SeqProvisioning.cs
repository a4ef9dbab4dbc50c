using System.Text.Json.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Seq;

/// <summary>
/// Brings templates into a server: makes what is not there, updates what differs, leaves the rest. Run again, it
/// doubles nothing.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="isDryRun">Whether to look only.</param>
internal sealed class SeqProvisioning(SeqApi api, bool isDryRun)
{
    private const string NotYet = "not-yet-made";

    private readonly Dictionary<SeqKind, IReadOnlyList<JsonObject>> _existing = [];
    private readonly Dictionary<string, ProvisionedEntity> _done = [];

    /// <summary>Takes one template after the other. One that fails does not keep the others from it.</summary>
    /// <param name="templates">In an order in which each comes after those it refers to.</param>
    /// <param name="stop">Ends it between two requests.</param>
    /// <exception cref="CommandException">The server could not be used, before anything was done.</exception>
    public async Task<IReadOnlyList<ProvisionedEntity>> RunAsync(
        IReadOnlyList<SeqTemplate> templates, CancellationToken stop)
    {
        IReadOnlySet<SeqKind> kinds = await api.KindsAsync(stop);
        List<ProvisionedEntity> results = [];
        CommandException? lost = null;
        foreach (SeqTemplate template in templates)
        {
            ProvisionedEntity result;
            try
            {
                result = lost is null ? await ApplyAsync(template, kinds, stop) : Lost(template, lost);
            }
            catch (CommandException fault) when (results.Exists(HasChangedTheServer))
            {
                lost = fault;
                result = Lost(template, fault);
            }

            results.Add(result);
            _done[template.File] = result;
        }

        return results;
    }

    private static bool HasChangedTheServer(ProvisionedEntity result) =>
        result.Outcome is ProvisionOutcome.Created or ProvisionOutcome.Updated;

    private static ProvisionedEntity Lost(SeqTemplate template, CommandException fault) =>
        new(template, ProvisionOutcome.Failed, null, fault.Why);

    private async Task<ProvisionedEntity> ApplyAsync(
        SeqTemplate template, IReadOnlySet<SeqKind> kinds, CancellationToken stop)
    {
        if (template.References.FirstOrDefault(reference => !_done[reference].IsDone) is { } missing)
        {
            return new(template, ProvisionOutcome.Skipped, null, $"it needs {missing}");
        }

        if (!kinds.Contains(template.Kind))
        {
            return new(template, ProvisionOutcome.Failed, null, "this server does not know the kind");
        }

        try
        {
            JsonObject wanted = template.Entity(reference => _done[reference].Id ?? NotYet);
            if (!_existing.TryGetValue(template.Kind, out IReadOnlyList<JsonObject>? existing))
            {
                _existing[template.Kind] = existing = await api.ListAsync(template.Kind, stop);
            }

            return SeqEntity.Find(existing, wanted) is { } found && SeqEntity.IdOf(found) is { } id
                ? await UpdateAsync(template, found, id, wanted, stop)
                : new(template, ProvisionOutcome.Created,
                    isDryRun ? null : await api.CreateAsync(template.Kind, wanted, stop));
        }
        catch (SeqRefusedException refused)
        {
            return new(template, ProvisionOutcome.Failed, null, refused.Message, refused.IsNotAuthorised);
        }
    }

    private async Task<ProvisionedEntity> UpdateAsync(
        SeqTemplate template, JsonObject found, string id, JsonObject wanted, CancellationToken stop)
    {
        if (SeqEntity.Has(found, wanted))
        {
            return new(template, ProvisionOutcome.Left, id);
        }

        if (!isDryRun)
        {
            await api.UpdateAsync(template.Kind, id, SeqEntity.Merge(found, wanted), stop);
        }

        return new(template, ProvisionOutcome.Updated, id);
    }
}
