using System.Numerics;
using System.Runtime.InteropServices;

namespace Crm.Domain.Scoring.Training;

/// <summary>
/// Symmetric positive definite matrices, row by row, as A = UᵀU with U upper triangular (G. H. Golub, C. F. Van Loan, Matrix Computations,
/// 2013, section 4.2).
/// </summary>
internal static class Cholesky
{
    /// <summary>Puts U in place of A, of which the upper triangle counts.</summary>
    public static void Factor(double[] a, int size)
    {
        for (var k = 0; k < size; k++)
        {
            var row = a.AsSpan(k * size + k, size - k);
            var root = Math.Sqrt(row[0]);
            foreach (ref var value in row)
            {
                value /= root;
            }

            for (var i = 1; i < row.Length; i++)
            {
                Subtract(a.AsSpan((k + i) * size + k + i, row.Length - i), row[i..], row[i]);
            }
        }
    }

    /// <summary>The x of A x = b.</summary>
    public static double[] Solve(double[] u, double[] b)
    {
        var size = b.Length;
        double[] x = [.. b];
        for (var i = 0; i < size; i++)
        {
            x[i] /= u[i * size + i];
            Subtract(x.AsSpan(i + 1), u.AsSpan(i * size + i + 1, size - i - 1), x[i]);
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < size; j++)
            {
                x[i] -= u[i * size + j] * x[j];
            }

            x[i] /= u[i * size + i];
        }

        return x;
    }

    /// <summary>The inverse of U, upper triangular as well: A⁻¹ is it times its transpose.</summary>
    public static double[] InverseRoot(double[] u, int size)
    {
        var inverse = new double[size * size];
        for (var i = size - 1; i >= 0; i--)
        {
            var row = inverse.AsSpan(i * size, size);
            row[i] = 1;
            for (var k = i + 1; k < size; k++)
            {
                Subtract(row[k..], inverse.AsSpan(k * size + k, size - k), u[i * size + k]);
            }

            foreach (ref var value in row[i..])
            {
                value /= u[i * size + i];
            }
        }

        return inverse;
    }

    /// <summary>A square along the diagonal of A⁻¹, row by row.</summary>
    public static double[] InverseBlock(double[] inverseRoot, int size, int first, int count)
    {
        var block = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i; j < count; j++)
            {
                var sum = 0d;
                for (var k = first + j; k < size; k++)
                {
                    sum += inverseRoot[(first + i) * size + k] * inverseRoot[(first + j) * size + k];
                }

                block[i * count + j] = block[j * count + i] = sum;
            }
        }

        return block;
    }

    // Each element by itself, so the result does not depend on how many a processor takes at a time.
    private static void Subtract(Span<double> from, ReadOnlySpan<double> row, double factor)
    {
        if (factor == 0)
        {
            return;
        }

        var many = MemoryMarshal.Cast<double, Vector<double>>(from);
        var manyOfRow = MemoryMarshal.Cast<double, Vector<double>>(row);
        for (var i = 0; i < many.Length; i++)
        {
            many[i] -= manyOfRow[i] * factor;
        }

        for (var i = many.Length * Vector<double>.Count; i < from.Length; i++)
        {
            from[i] -= row[i] * factor;
        }
    }
}
