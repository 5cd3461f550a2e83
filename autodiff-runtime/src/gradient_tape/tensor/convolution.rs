//! Convolutions, as a gather of patches and one matrix product.

use super::super::scalar::Scalar;
use super::store::{Indices, Store};
use super::typed::Tensor;
use ndarray::{Ix3, Ix4};

/// Output length of a convolution along one axis.
fn output(input: usize, kernel: usize, stride: usize, padding: usize) -> usize {
    assert!(stride > 0, "convolution: the stride is 0");
    let padded = input + 2 * padding;
    assert!(
        kernel >= 1 && kernel <= padded,
        "convolution: a kernel of length {kernel} on an input of length {input} padded by {padding}"
    );
    (padded - kernel) / stride + 1
}

fn check_channels(operation: &str, input: &[usize], kernel: &[usize]) {
    assert!(
        input[1] == kernel[1],
        "{operation}: an input of the shape {input:?} and a kernel of {kernel:?} differ in channels"
    );
}

/// The position a kernel entry reads, or `None` in the padding.
fn read(out: usize, k: usize, stride: usize, padding: usize, input: usize) -> Option<usize> {
    (out * stride + k).checked_sub(padding).filter(|&at| at < input)
}

impl<T: Scalar> Tensor<T, Ix3> {
    /// Convolution (as networks have it: a cross-correlation) of a batch (samples × channels ×
    /// length) with kernels (outputs × channels × width), with zeros around.
    ///
    /// # Panics
    /// If the channels differ, the kernel is longer than the padded input, or the stride is 0.
    #[must_use]
    pub fn conv1d(&self, kernel: &Self, stride: usize, padding: usize) -> Self {
        let shape = self.shape();
        let sizes = kernel.shape();
        check_channels("conv1d", shape, sizes);
        let input = self.reshape((shape[0], shape[1], 1, shape[2]));
        let kernel = kernel.reshape((sizes[0], sizes[1], 1, sizes[2]));
        let result = input.convolve(&kernel, [1, stride], [0, padding]);
        let shape = result.shape();
        result.reshape((shape[0], shape[1], shape[3]))
    }
}

impl<T: Scalar> Tensor<T, Ix4> {
    /// Convolution (as networks have it: a cross-correlation) of a batch (samples × channels ×
    /// rows × columns) with kernels (outputs × channels × rows × columns), with zeros around.
    ///
    /// # Panics
    /// If the channels differ, the kernel is larger than the padded input, or the stride is 0.
    #[must_use]
    pub fn conv2d(&self, kernel: &Self, stride: usize, padding: usize) -> Self {
        check_channels("conv2d", self.shape(), kernel.shape());
        self.convolve(kernel, [stride; 2], [padding; 2])
    }

    fn convolve(&self, kernel: &Self, stride: [usize; 2], padding: [usize; 2]) -> Self {
        let [samples, channels, rows, columns] = dimensions(self);
        let [outputs, _, height, width] = dimensions(kernel);
        let out_rows = output(rows, height, stride[0], padding[0]);
        let out_columns = output(columns, width, stride[1], padding[1]);
        let positions = samples * out_rows * out_columns;
        let patch = channels * height * width;
        // One column a position of the output, one row an entry of the kernel (im2col).
        let mut index = Vec::with_capacity(patch * positions);
        for c in 0..channels {
            for i in 0..height {
                for j in 0..width {
                    for n in 0..samples {
                        for r in 0..out_rows {
                            for s in 0..out_columns {
                                let row = read(r, i, stride[0], padding[0], rows);
                                let column = read(s, j, stride[1], padding[1], columns);
                                let at = row.zip(column).map_or(usize::MAX, |(row, column)| {
                                    ((n * channels + c) * rows + row) * columns + column
                                });
                                index.push(at);
                            }
                        }
                    }
                }
            }
        }
        let index: Indices = index.into();
        let patches = self.tracked().gather(&index, &[patch, positions]);
        let kernel = kernel.tracked().reshape(&[outputs, patch]);
        let result = kernel.matmul(&patches, [false; 2]);
        let result = result.reshape(&[outputs, samples, out_rows, out_columns]);
        Self::from_tracked(result.permute(&[1, 0, 2, 3]))
    }
}

fn dimensions<T: Scalar>(tensor: &Tensor<T, Ix4>) -> [usize; 4] {
    let shape = tensor.shape();
    [shape[0], shape[1], shape[2], shape[3]]
}
