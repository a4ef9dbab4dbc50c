namespace SigmaComms.Simulation.Runs;

/// <summary>Leaves out what a failing run does not need to fail.</summary>
internal static class Shortening
{
    /// <summary>A plan with fewer faults, liars and clients that breaks the same invariant.</summary>
    public static RunPlan Of(RunPlan plan, string invariant)
    {
        bool isShorter = true;
        while (isShorter)
        {
            isShorter = false;
            foreach (RunPlan candidate in Candidates(plan))
            {
                if (Run.Play(candidate).Invariant == invariant)
                {
                    (plan, isShorter) = (candidate, true);
                    break;
                }
            }
        }

        return plan;
    }

    private static IEnumerable<RunPlan> Candidates(RunPlan plan)
    {
        for (int i = 0; i < plan.Faults.Count; i++)
        {
            yield return plan with { Faults = [.. plan.Faults.Where((_, index) => index != i)] };
        }

        for (int i = 0; i < plan.Liars.Count; i++)
        {
            yield return plan with { Liars = [.. plan.Liars.Where((_, index) => index != i)] };
        }

        if (plan.Clients > 1)
        {
            yield return plan with { Clients = plan.Clients - 1 };
        }

        if (plan.OperationsPerClient > 1)
        {
            yield return plan with { OperationsPerClient = plan.OperationsPerClient - 1 };
        }
    }
}
